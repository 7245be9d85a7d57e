; Inno Setup 6: the installer for Windows 10 and later, 64 bit. Run by build.ps1, which defines
;   Version   of the program
;   Tree      the folder that PyInstaller made, Tesseract with vie and osd inside
;   Out       where the installer goes
; It has been read and checked on Linux (tests/shipping), and NOT been run on Windows yet.

#ifndef Version
  #error Version is not defined: run build.ps1
#endif
#ifndef Tree
  #error Tree is not defined: run build.ps1
#endif
#ifndef Out
  #error Out is not defined: run build.ps1
#endif

[Setup]
AppId={{8D0E6B1C-52B4-4E0B-9C38-3C0E1C8B7A51}
AppName=Số hóa hồ sơ
AppVersion={#Version}
AppVerName=Số hóa hồ sơ {#Version}
AppPublisher=digitizer
DefaultDirName={autopf}\digitizer
DefaultGroupName=Số hóa hồ sơ
DisableProgramGroupPage=yes
PrivilegesRequired=admin
PrivilegesRequiredOverridesAllowed=dialog
MinVersion=10.0.17763
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
OutputDir={#Out}
OutputBaseFilename=digitizer-{#Version}-windows-x64
SetupIconFile={#Tree}\digitizer.ico
UninstallDisplayIcon={app}\digitizerw.exe
Compression=lzma2/max
SolidCompression=yes
WizardStyle=modern
; Windows of the program that are open are closed first, and what runs unseen with them.
CloseApplications=yes
RestartApplications=no
LicenseFile={#Tree}\LICENSE

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"

[CustomMessages]
en.Desktop=Biểu tượng trên màn hình nền (desktop icon)
en.Background=Gửi hồ sơ đã xong khi cửa sổ đóng (send finished dossiers in the background)
en.Start=Mở Số hóa hồ sơ (start)

[Tasks]
Name: "desktop"; Description: "{cm:Desktop}"
Name: "background"; Description: "{cm:Background}"

[InstallDelete]
; What an older version had and this one has not.
Type: filesandordirs; Name: "{app}\lib"
Type: filesandordirs; Name: "{app}\tesseract"

[Files]
Source: "{#Tree}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{group}\Số hóa hồ sơ"; Filename: "{app}\digitizerw.exe"
Name: "{group}\Tập huấn"; Filename: "{app}\digitizerw.exe"; Parameters: "training"
Name: "{autodesktop}\Số hóa hồ sơ"; Filename: "{app}\digitizerw.exe"; Tasks: desktop
Name: "{autostartup}\Số hóa hồ sơ"; Filename: "{app}\digitizerw.exe"; Parameters: "sync --background"; Tasks: background

[Run]
Filename: "{app}\digitizerw.exe"; Description: "{cm:Start}"; Flags: nowait postinstall skipifsilent

; Nothing is deleted outside {app}: dossiers (%LOCALAPPDATA%\digitizer) stay where they are.
