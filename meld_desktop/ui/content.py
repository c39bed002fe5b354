"""What the window holds: header, panel, message strip, and the dialogs they ask for."""

import base64

from PySide6.QtWidgets import QVBoxLayout, QWidget

from meld_desktop.domain.environments import Environment
from meld_desktop.domain.link import Link
from meld_desktop.domain.view_size import ViewChoices, size_named
from meld_desktop.storage.settings import Settings
from meld_desktop.ui import shortcuts
from meld_desktop.ui.bank_finding import BankFinding
from meld_desktop.ui.desk import Ears, LinkDesk
from meld_desktop.ui.following import Following
from meld_desktop.ui.form_memory import FormMemory
from meld_desktop.ui.header import Header
from meld_desktop.ui.main_window import MainWindow
from meld_desktop.ui.message_strip import MessageStrip
from meld_desktop.ui.messages import Message, Tone
from meld_desktop.ui.new_link import NewLinkPanel
from meld_desktop.ui.panels import PanelStack
from meld_desktop.ui.result.embedding import Embedder
from meld_desktop.ui.result.result_pane import Witnesses
from meld_desktop.ui.services import Services
from meld_desktop.ui.strings import localized
from meld_desktop.ui.theme.choice import ThemeChoice
from meld_desktop.ui.theme.theme import Theme


class Content(QWidget):
    """Shows state and passes intent on; becomes the central widget of ``window``."""

    def __init__(
        self, window: MainWindow, services: Services, embedder: Embedder, theme: Theme, environment: Environment
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._theme = theme
        self._environment = environment
        self.header = Header(theme, self)
        self.panels = PanelStack(services, theme, self)
        self.panel = NewLinkPanel(
            services.create_link,
            services.regions.load,
            embedder,
            Witnesses(services.witness, services.evidence, services.demo),
            services.desk.presets,
            theme,
            environment,
            parent=self,
        )
        self.strip = MessageStrip(theme, self)
        self.panels.begin_with(self.panel)
        self.finding = BankFinding(services.banks, self.panel, self.panels, environment)
        self.finding.said.connect(self.strip.show_message)
        ears = Ears(services.create_link, services.witness, services.watch, services.demo.now)
        self.desk = LinkDesk(services.desk, ears, self.panel, self.panels, theme, environment)
        self.desk.said.connect(self.strip.show_message)
        self.memory = FormMemory(services.desk.presets, services.desk.links, services.preferences, self.panel)
        self.memory.said.connect(self.strip.show_message)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.panels, 1)
        column.addWidget(self.strip)
        self.header.scenarios.offer(services.demo.scenarios())
        self.panel.result.request.local_address = lambda: services.demo.address
        self._connect()
        self._install_shortcuts()
        self._restore()
        self.panel.form.focus_first()
        self._show_environment(environment)
        window.setCentralWidget(self)

    def _connect(self) -> None:
        header, panel, services = self.header, self.panel, self._services
        header.environment_chosen.connect(self.use_environment)
        header.custom_wanted.connect(self._ask_address)
        header.key_wanted.connect(self.open_key_dialog)
        header.theme_chosen.connect(self._choose_theme)
        header.shortcuts_wanted.connect(self._show_shortcuts)
        header.about_wanted.connect(self._show_about)
        header.scenarios.scenario_chosen.connect(self._rehearse)
        header.scenarios.speed_chosen.connect(self._set_clock)
        panel.said.connect(self.strip.show_message)
        panel.busy.connect(header.environment.setDisabled)
        panel.browser_wanted.connect(self._open_in_browser)
        panel.form.appearance_opened.connect(self._remember_appearance)
        panel.splitterMoved.connect(self._remember_layout)
        panel.result.widget.choices_changed.connect(self._remember_view)
        panel.result.widget.software_wanted.connect(self._draw_by_software)
        panel.result.tools.software_wanted.connect(self._draw_by_software)
        self.following = Following(services.watch, services.witness, panel.result.widget, self._window)
        self.following.said.connect(self.strip.show_message)
        services.keys.state_changed.connect(header.show_key)
        services.browser.opened.connect(self._opened_in_browser)
        services.browser.failed.connect(self._no_browser)
        services.preferences.unsaved.connect(self._not_remembered)
        self._window.arranged.connect(self._remember_layout)

    def _install_shortcuts(self) -> None:
        panel, result = self.panel, self.panel.result
        shortcuts.install(
            self._window,
            {
                "create": panel.create_link,
                "cancel": panel.cancel,
                "customer": panel.form.focus_first,
                "copy": result.widget.bar.copy.click,
                "browser": result.widget.bar.browser.click,
                "reload": result.widget.reload,
                "widget": lambda: result.show_pane(result.widget),
                "request": lambda: result.show_pane(result.request),
                "response": lambda: result.show_pane(result.response),
                "timeline": lambda: result.show_pane(result.timeline),
                "token": lambda: result.show_pane(result.token),
                "evidence": result.save_evidence,
                "picture": result.widget.take_picture,
                "zoom-in": lambda: result.tools.zoom(1),
                "zoom-out": lambda: result.tools.zoom(-1),
                "actual-size": lambda: result.tools.zoom(0),
                "next-customer": self._next_customer,
                "new-link": lambda: self.panels.show_panel("new-link"),
                "links": lambda: self.panels.show_panel("links"),
                "banks": lambda: self.panels.show_panel("banks"),
                "key": self.open_key_dialog,
                "help": self._show_shortcuts,
                "quit": self._window.close,
            },
        )

    def use_environment(self, environment: Environment) -> None:
        """Make links in ``environment`` from now on, and remember it."""
        self._environment = environment
        self._services.preferences.change(
            environment=environment.id,
            custom_base_url=environment.base_url if environment.id == "custom" else self._settings.custom_base_url,
        )
        self._show_environment(environment)
        self._services.create_link.warm_up(environment)

    @property
    def _settings(self) -> Settings:
        return self._services.preferences.settings

    def _show_environment(self, environment: Environment) -> None:
        name = localized(environment.name)
        self._window.setWindowTitle(self.tr("Meld Desktop - {environment}").format(environment=name))
        self.header.set_environment(environment)
        self.panel.set_environment(environment)
        self.panels.set_environment(environment)
        self.finding.set_environment(environment)
        self.desk.set_environment(environment)
        self._services.keys.check(environment)
        self.strip.show_message(self._greeting(environment))

    def _greeting(self, environment: Environment) -> Message:
        if environment.is_demo:
            text = self.tr("Demo works without a key and without a network; nothing leaves this computer.")
        elif environment.is_production:
            text = self.tr("Production reaches real customers and real banks.")
        else:
            text = self.tr("Links are made with {address}.").format(address=environment.base_url)
        return Message(Tone.NEUTRAL, self.tr("Ready"), text)

    def _rehearse(self, name: str, lesson: str) -> None:
        self._services.demo.use_scenario(name)
        self.strip.show_message(Message(Tone.INFO, self.tr("Scenario {name}").format(name=name), lesson))

    def _set_clock(self, speed: float) -> None:
        self._services.demo.use_speed(speed)
        if speed == 1:
            text = self.tr("Time passes as it does outside.")
        else:
            text = self.tr("Time passes {times} times faster: links expire and data arrives sooner.").format(
                times=int(speed)
            )
        self.strip.show_message(Message(Tone.INFO, self.tr("Demo's clock"), text))

    def _next_customer(self) -> None:
        self.panels.show_panel("new-link")
        self.memory.next_customer()

    def open_key_dialog(self) -> None:
        """Ask for the key of the environment in use; Demo needs none."""
        if self._environment.is_demo:
            self.strip.show_message(Message(Tone.INFO, self.tr("Demo needs no key")))
            return
        from meld_desktop.ui.key_dialog import KeyDialog

        dialog = KeyDialog(self._services.keys, self._environment, self._window)
        dialog.done_with.connect(self._say_done)
        dialog.open()

    def _say_done(self, sentence: str) -> None:
        self.strip.show_message(Message(Tone.SUCCESS, self.tr("Done"), sentence))

    def _ask_address(self) -> None:
        from meld_desktop.ui.address_dialog import AddressDialog

        dialog = AddressDialog(self._settings.custom_base_url, self._window)
        dialog.chosen.connect(self.use_environment)
        dialog.open()

    def _choose_theme(self, choice: ThemeChoice) -> None:
        self._theme.choose(choice)
        self._services.preferences.change(theme=choice.value)

    def _show_shortcuts(self) -> None:
        from meld_desktop.ui.about import ShortcutsDialog

        ShortcutsDialog(self._window).open()

    def _show_about(self) -> None:
        from meld_desktop.ui.about import AboutDialog

        AboutDialog(self._window).open()

    def _open_in_browser(self, link: Link) -> None:
        if not link.environment.is_production:
            self._services.browser.open(link.widget_url)
            return
        from meld_desktop.ui.confirm import confirm_production

        confirm_production(self._window, link, lambda: self._services.browser.open(link.widget_url))

    def _opened_in_browser(self) -> None:
        self.strip.show_message(
            Message(Tone.SUCCESS, self.tr("Opened in your browser"), self.tr("What happens there is not seen here."))
        )

    def _no_browser(self) -> None:
        self.strip.show_message(
            Message(Tone.ERROR, self.tr("No browser opened"), self.tr("Copy the link and paste it into a browser."))
        )

    def _not_remembered(self, _error: OSError) -> None:
        text = self.tr("The disk may be full or the folder read-only. Everything else works.")
        self.strip.show_message(Message(Tone.WARNING, self.tr("Your settings could not be saved"), text))

    def _remember_appearance(self, is_open: bool) -> None:
        self._services.preferences.change(appearance_open=is_open)

    def _remember_view(self, choices: ViewChoices) -> None:
        self._services.preferences.change(
            view_size=choices.size.value, zoom=round(choices.zoom * 100), windows_as_tabs=choices.windows_as_tabs
        )

    def _draw_by_software(self, is_wanted: bool = True) -> None:
        self._services.preferences.change(software_rendering=is_wanted)
        self.panel.result.tools.show_software(is_wanted)
        if is_wanted:
            title = self.tr("Without the graphics card from the next start on")
        else:
            title = self.tr("With the graphics card from the next start on")
        self.strip.show_message(Message(Tone.INFO, title, self.tr("Quit Meld Desktop and start it again.")))

    def _remember_layout(self) -> None:
        if not self._window.isVisible():
            return
        geometry = base64.b64encode(self._window.saveGeometry().data()).decode("ascii")
        self._services.preferences.change(geometry=geometry, splitter=tuple(self.panel.sizes()))

    def _restore(self) -> None:
        settings = self._settings
        if len(settings.splitter) == 2 and all(size > 0 for size in settings.splitter):
            self.panel.setSizes(list(settings.splitter))
        self.panel.form.appearance.set_open(settings.appearance_open)
        self.panel.result.tools.show_software(settings.software_rendering)
        self.panel.result.widget.choose_view(
            ViewChoices(size_named(settings.view_size), settings.zoom / 100, windows_as_tabs=settings.windows_as_tabs)
        )
