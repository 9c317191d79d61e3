; The Windows installer: makensis -DVERSION=0.1.0 -DPAYLOAD=FOLDER -DOUTFILE=FILE pos-client.nsi   (build_installer.py)
;
; PAYLOAD is the frozen folder: pos-client.exe (command line), pos-client-till.exe (no console), _internal.
; Silent: /S, /D=FOLDER last. Uninstalling keeps every till's books; /DELETEBOOKS deletes this user's, or the question.

Unicode true
Target amd64-unicode
SetCompressor /SOLID lzma
SetDatablockOptimize on

!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include x64.nsh

!define NAME "pos-client"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${NAME}"

Name "${NAME} ${VERSION}"
OutFile "${OUTFILE}"
InstallDir "$PROGRAMFILES64\${NAME}"
InstallDirRegKey HKLM "${UNINSTALL}" "InstallLocation"
RequestExecutionLevel admin
ManifestDPIAware true

VIProductVersion "${VERSION}.0"
VIFileVersion "${VERSION}.0"
VIAddVersionKey /LANG=0 "ProductName" "Forecourt loyalty terminal"
VIAddVersionKey /LANG=0 "FileDescription" "Forecourt loyalty terminal, installer"
VIAddVersionKey /LANG=0 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "LegalCopyright" "MIT licence"

!define MUI_ICON "pos-client.ico"
!define MUI_UNICON "pos-client.ico"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "Vietnamese"
!insertmacro MUI_LANGUAGE "English"

LangString RUNS ${LANG_VIETNAMESE} "Chương trình đang chạy. Hãy đóng quầy rồi thử lại; chưa có gì thay đổi."
LangString RUNS ${LANG_ENGLISH} "The program is running. Close the till and try again; nothing was changed."
LangString BOOKS ${LANG_VIETNAMESE} "Xóa luôn sổ của quầy (nhật ký, bản ghi trung tâm chưa nhận, cài đặt)? Đó là bằng chứng duy nhất trung tâm chưa có. Không: giữ lại."
LangString BOOKS ${LANG_ENGLISH} "Delete the till's books as well (journal, records head office has not had, settings)? They are the only proof that head office does not have. No: they stay."

; A program that runs cannot be written to. A till in the middle of a sale is never replaced under the cashier's hands.
!macro REFUSE_WHILE_RUNNING FILE
    ${If} ${FileExists} "$INSTDIR\${FILE}"
        ClearErrors
        FileOpen $0 "$INSTDIR\${FILE}" a
        ${If} ${Errors}
            MessageBox MB_ICONSTOP "$(RUNS)" /SD IDOK
            SetErrorLevel 3
            Quit
        ${EndIf}
        FileClose $0
    ${EndIf}
!macroend

!macro REMOVE_PROGRAM
    RMDir /r "$INSTDIR\_internal"
    Delete "$INSTDIR\pos-client.exe"
    Delete "$INSTDIR\pos-client-till.exe"
    Delete "$INSTDIR\sbom.cdx.json"
!macroend

Section "Program"
    SetShellVarContext all
    !insertmacro REFUSE_WHILE_RUNNING "pos-client.exe"
    !insertmacro REFUSE_WHILE_RUNNING "pos-client-till.exe"
    !insertmacro REMOVE_PROGRAM ; an older version's files do not mix with ours
    SetOutPath "$INSTDIR"
    ClearErrors
    File /r "${PAYLOAD}\*"
    ${If} ${Errors}
        SetErrorLevel 4
        Abort
    ${EndIf}
    WriteUninstaller "$INSTDIR\uninstall.exe"

    CreateDirectory "$SMPROGRAMS\${NAME}"
    CreateShortcut "$SMPROGRAMS\${NAME}\Quầy tích điểm.lnk" "$INSTDIR\pos-client-till.exe" "keep"
    CreateShortcut "$SMPROGRAMS\${NAME}\Thử với trạm giả lập.lnk" "$INSTDIR\pos-client.exe" "demo"

    ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
    WriteRegStr HKLM "${UNINSTALL}" "DisplayName" "Forecourt loyalty terminal"
    WriteRegStr HKLM "${UNINSTALL}" "DisplayVersion" "${VERSION}"
    WriteRegStr HKLM "${UNINSTALL}" "DisplayIcon" "$INSTDIR\pos-client-till.exe"
    WriteRegStr HKLM "${UNINSTALL}" "InstallLocation" "$INSTDIR"
    WriteRegStr HKLM "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
    WriteRegStr HKLM "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
    WriteRegDWORD HKLM "${UNINSTALL}" "EstimatedSize" $0
    WriteRegDWORD HKLM "${UNINSTALL}" "NoModify" 1
    WriteRegDWORD HKLM "${UNINSTALL}" "NoRepair" 1
SectionEnd

Section "Uninstall"
    SetShellVarContext all
    !insertmacro REFUSE_WHILE_RUNNING "pos-client.exe"
    !insertmacro REFUSE_WHILE_RUNNING "pos-client-till.exe"
    !insertmacro REMOVE_PROGRAM
    SetOutPath "$TEMP" ; a folder somebody stands in cannot go
    Delete "$INSTDIR\uninstall.exe"
    StrCpy $0 0
    ${Do} ; the uninstaller that started this copy of itself may still be ending
        RMDir "$INSTDIR"
        IntOp $0 $0 + 1
        ${IfNot} ${FileExists} "$INSTDIR\*"
        ${OrIf} $0 > 50
            ${ExitDo}
        ${EndIf}
        Sleep 100
    ${Loop}
    RMDir /r "$SMPROGRAMS\${NAME}"
    DeleteRegKey HKLM "${UNINSTALL}"

    SetShellVarContext current
    StrCpy $3 "$LOCALAPPDATA\${NAME}"
    ${If} ${FileExists} "$3\journal.db"
    ${OrIf} ${FileExists} "$3\settings.toml"
        ${GetParameters} $0
        ClearErrors
        ${GetOptions} $0 "/DELETEBOOKS" $1
        ${If} ${Errors}
            MessageBox MB_YESNO|MB_ICONEXCLAMATION|MB_DEFBUTTON2 "$(BOOKS)" /SD IDNO IDNO keep
        ${EndIf}
        RMDir /r "$3"
        keep:
    ${EndIf}
SectionEnd
