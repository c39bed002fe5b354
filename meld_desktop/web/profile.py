"""A browser profile that remembers nothing, for one link."""

from PySide6.QtCore import QLocale, QObject
from PySide6.QtWebEngineCore import QWebEngineProfile, QWebEngineSettings

_OFF = (
    QWebEngineSettings.WebAttribute.PluginsEnabled,
    QWebEngineSettings.WebAttribute.PdfViewerEnabled,
    QWebEngineSettings.WebAttribute.LocalContentCanAccessRemoteUrls,
    QWebEngineSettings.WebAttribute.LocalContentCanAccessFileUrls,
    QWebEngineSettings.WebAttribute.AllowRunningInsecureContent,
    QWebEngineSettings.WebAttribute.AllowGeolocationOnInsecureOrigins,
    QWebEngineSettings.WebAttribute.AllowWindowActivationFromJavaScript,
    QWebEngineSettings.WebAttribute.ScreenCaptureEnabled,
    QWebEngineSettings.WebAttribute.JavascriptCanAccessClipboard,
    QWebEngineSettings.WebAttribute.JavascriptCanPaste,
    QWebEngineSettings.WebAttribute.HyperlinkAuditingEnabled,
    QWebEngineSettings.WebAttribute.DnsPrefetchEnabled,
    QWebEngineSettings.WebAttribute.FullScreenSupportEnabled,
    QWebEngineSettings.WebAttribute.NavigateOnDropEnabled,
    QWebEngineSettings.WebAttribute.BackForwardCacheEnabled,
    QWebEngineSettings.WebAttribute.AutoLoadIconsForPage,
    QWebEngineSettings.WebAttribute.TouchIconsEnabled,
)
_ON = (
    QWebEngineSettings.WebAttribute.LocalStorageEnabled,
    # Off, Chromium would block scripted windows without a word. On, they are asked for, and the answer is still no
    # unless the user clicked - but the user hears about it.
    QWebEngineSettings.WebAttribute.JavascriptCanOpenWindows,
    QWebEngineSettings.WebAttribute.WebRTCPublicInterfacesOnly,
    QWebEngineSettings.WebAttribute.PlaybackRequiresUserGesture,
)


def new_profile(parent: QObject) -> QWebEngineProfile:
    """Return an off-the-record profile: cookies, storage, cache and permissions live in memory and end with it.

    Every page of the profile must be gone before the profile is.
    """
    profile = QWebEngineProfile(parent)  # without a name: off the record
    profile.setHttpCacheType(QWebEngineProfile.HttpCacheType.MemoryHttpCache)
    profile.setPersistentCookiesPolicy(QWebEngineProfile.PersistentCookiesPolicy.NoPersistentCookies)
    profile.setPersistentPermissionsPolicy(QWebEngineProfile.PersistentPermissionsPolicy.AskEveryTime)
    profile.setPushServiceEnabled(False)
    profile.setSpellCheckEnabled(False)
    profile.setHttpAcceptLanguage(_accept_language(QLocale().uiLanguages()))
    settings = profile.settings()
    for attribute in _OFF:
        settings.setAttribute(attribute, False)
    for attribute in _ON:
        settings.setAttribute(attribute, True)
    # Let them come as far as the page's own decision, which names the scheme and refuses every one: with any other
    # value Chromium drops most of them in silence.
    settings.setUnknownUrlSchemePolicy(QWebEngineSettings.UnknownUrlSchemePolicy.AllowAllUnknownUrlSchemes)
    return profile


def _accept_language(languages: list[str]) -> str:
    wanted = list(dict.fromkeys(language for language in languages if language.isascii() and language != "C"))[:6]
    return ",".join(
        language if place == 0 else f"{language};q={1 - place / 10:.1f}"
        for place, language in enumerate(wanted or ["en-US"])
    )
