# Makes the installer for Windows 10 and later, on Windows, with Python 3.11 or later (64 bit),
# Inno Setup 6, and an unpacked Tesseract 5 whose tessdata has vie and osd:
#
#   packaging\windows\build.ps1 -Tesseract "C:\Program Files\Tesseract-OCR"
#
# NOT run on Windows yet; tests/shipping checks on Linux what it can.
param(
    [Parameter(Mandatory)] [string] $Tesseract,
    [string] $Python = "py",
    [string] $InnoSetup = "${env:ProgramFiles(x86)}\Inno Setup 6\ISCC.exe"
)
$ErrorActionPreference = "Stop"
Set-Location (Join-Path $PSScriptRoot "..\..")
$build = Join-Path (Get-Location) "build\windows"
$venv = Join-Path $build "venv\Scripts\python.exe"

foreach ($name in "tesseract.exe", "tessdata\vie.traineddata", "tessdata\osd.traineddata") {
    if (-not (Test-Path (Join-Path $Tesseract $name))) { throw "$Tesseract lacks $name" }
}

# Runs a program; its failure ends the script, in every PowerShell.
function Run([string] $program) {
    & $program @args
    if ($LASTEXITCODE -ne 0) { throw "$program ended with $LASTEXITCODE" }
}

# The same locks as everywhere: every file that is fetched has a hash there.
if (-not (Test-Path $venv)) {
    Run $Python -m venv (Join-Path $build "venv")
    foreach ($lock in "build", "run", "package") {
        Run $venv -m pip install --quiet --require-hashes --no-build-isolation -r "packaging\$lock.lock"
    }
}

$env:PYTHONPATH = (Get-Location).Path
$env:PYTHONHASHSEED = "1"
$env:SOURCE_DATE_EPOCH = (Run git log -1 --format=%ct)
$env:DIGITIZER_ICON = Join-Path $build "digitizer.ico"
Run $venv -c "import sys, pathlib; from shipping import pictures; pictures.write_ico(pathlib.Path(sys.argv[1]))" $env:DIGITIZER_ICON
Run $venv -m PyInstaller --noconfirm --clean --distpath "$build\dist" --workpath "$build\work" packaging\digitizer.spec

$tree = Join-Path $build "dist\digitizer"
Run $venv -m shipping.papers $tree
Copy-Item $env:DIGITIZER_ICON, LICENSE $tree
New-Item -ItemType Directory -Force "$tree\tesseract\tessdata" | Out-Null
Copy-Item "$Tesseract\*.exe", "$Tesseract\*.dll" "$tree\tesseract"
foreach ($name in "vie.traineddata", "osd.traineddata", "configs", "tessconfigs", "pdf.ttf") {
    if (Test-Path "$Tesseract\tessdata\$name") {
        Copy-Item -Recurse -Force "$Tesseract\tessdata\$name" "$tree\tesseract\tessdata"
    }
}
Get-ChildItem "$Tesseract\*" -Include LICENSE*, AUTHORS* | Copy-Item -Destination "$tree\tesseract"

$version = Run $venv -c "import digitizer; print(digitizer.__version__)"
Run $InnoSetup "/DVersion=$version" "/DTree=$tree" "/DOut=$(Join-Path (Get-Location) 'dist')" packaging\windows\digitizer.iss
