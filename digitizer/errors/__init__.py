"""The error table: every trouble the environment can make, once, with words and a remedy.

Used everywhere, always by this name: the modules in here hold the rows part by part, and this one
lists them all. Each class is a row: a Vietnamese ``title`` and ``hint`` for the screen, an
English ``says`` and ``fix`` for the command line and the log, and the ``remedy`` that drives
both the lanes and the exit code. Foreign errors are converted to a row once, at the edge where
they appear, and never matched by text further in. Anything that is not a row is a bug.

``detail`` may name a file, a device or a part, never a person: it reaches the log.
"""

from __future__ import annotations

from digitizer.errors.base import (
    Bug,
    DigitizerError,
    NoSuchThing,
    Remedy,
    from_code,
    kind,
)
from digitizer.errors.desk import (
    BelowFloor,
    ByAdministrator,
    ClerkBad,
    ClerkNameTaken,
    ClerkUnknown,
    ProfileBad,
    ProfileFileBad,
    ProfileNameTaken,
    ProfileUnknown,
)
from digitizer.errors.dossiers import (
    BadIdentifier,
    BindingKept,
    CreationLacks,
    CropUnusable,
    DossierExists,
    DossierHasCode,
    DossiersOverlap,
    DossierUnknown,
    NothingToReuse,
    PageUnknown,
    PageUnread,
    PaperUnknown,
    ProcedureUnknown,
    ResultCodeBad,
    SidesDiffer,
)
from digitizer.errors.home import (
    DiskFull,
    HomeDamaged,
    HomeError,
    HomeLocked,
    HomeReadOnly,
    HomeTooNew,
    NotTraining,
    OutputIsInput,
    OutputUnwritable,
    converting_os,
    from_os,
)
from digitizer.errors.inputs import (
    CertificateNotCa,
    CertificateOutOfDate,
    CertificateUnconfirmed,
    CertificateUnreadable,
    FileBusy,
    FileEmpty,
    FileForbidden,
    FileIsFolder,
    FileLocked,
    FileMissing,
    FileUnmovable,
    FileUnreadable,
    FolderUnreadable,
    FolderUnwritable,
    FormUnsupported,
    ImageTooLarge,
    ImageTooSmall,
    InputError,
    NoParcel,
    PaperDiffers,
    ParcelHalf,
    ParcelUnsafe,
    ParcelWrong,
    PdfOverfull,
    RulesUnusable,
    TakenBefore,
)
from digitizer.errors.programs import (
    BundleInvalid,
    PortTaken,
    ProgramCrashed,
    ProgramTimeout,
    ScreenMissing,
    Stopped,
    ToolMissing,
)
from digitizer.errors.retention import (
    CopyRemoved,
    DossierBusy,
    RemovalUnconfirmed,
)
from digitizer.errors.scanners import (
    CoverOpen,
    DoubleFeed,
    FeederEmpty,
    FeederEndless,
    FeederJam,
    FeederStopped,
    ProfileUnsupported,
    ScanCancelled,
    ScannerBusy,
    ScannerCrashed,
    ScannerDenied,
    ScannerError,
    ScannerLost,
    ScannerNotFound,
    ScannerStrange,
    ScannerUntrusted,
)
from digitizer.errors.secrecy import (
    PagesUnchecked,
    SecrecyError,
    StateSecret,
    StateSecretSuspected,
)
from digitizer.errors.sending import (
    ChoiceImpossible,
    CodesNotGiven,
    ConflictUnknown,
    CreationRefused,
    DossierEnded,
    DossierNotAtServer,
    PaperDropped,
    ReceiptMismatch,
    UploadConflict,
    UploadRefused,
)
from digitizer.errors.server import (
    AccountIncomplete,
    AddressUnusable,
    AnswerUnexpected,
    ClerkError,
    ClerkPasswordMissing,
    ClerkRefused,
    ClockWrong,
    KeyringLocked,
    NotAllowed,
    NotSupported,
    Offline,
    PasswordMissing,
    ServerBusy,
    ServerChanged,
    ServerError,
    ServerExpired,
    ServerMisnamed,
    ServerNotSet,
    ServerTrouble,
    ServerUntrusted,
    SignInRefused,
)
from digitizer.errors.signing import (
    AgencyMissing,
    KeyFileBroken,
    KeyNotSet,
    ListChanged,
    NoKey,
    NotBundled,
    PaperUnsigned,
    PinLocked,
    PinNeedsChange,
    SeveralTokens,
    SignatureRefused,
    SignedElsewhere,
    SignerCrashed,
    SignerSilent,
    SigningCertificateExpired,
    SigningCertificateNotYet,
    SigningCertificateRevoked,
    SigningClosed,
    SigningError,
    SigningForbidden,
    SigningServiceMissing,
    SigningServiceRefused,
    SigningServiceUntrusted,
    TokenMissing,
    TokenUnusable,
    WrongPin,
    WrongPinLast,
)
from digitizer.errors.webpages import (
    WebPageRefused,
    WebPageSlow,
    WebPageStrange,
    WebScanGone,
)
