"""The one style sheet, made from tokens. Widgets choose a look by object name or the dynamic property ``role``."""

from string import Template

from meld_desktop.locations import resource
from meld_desktop.ui.theme.tokens import Tokens

_SHEET = Template("""
QMainWindow, QDialog, #form, #header, #messageStrip { background: $panel; }
#header { border-bottom: 1px solid $line; }
#brand { font-weight: 700; font-size: ${large}pt; }
#rail { background: $panel; border-right: 1px solid $line; }
QToolButton[role="rail"] {
  background: transparent; color: $soft; border: none; border-left: 3px solid transparent; padding: 8px 3px 8px 0;
  font-size: ${small}pt;
}
QToolButton[role="rail"]:hover { color: $text; background: $background; }
QToolButton[role="rail"]:checked { color: $accent; background: $accent_soft; border-left-color: $accent; }
QToolButton[role="rail"]:focus { border: 2px solid $accent; padding: 6px 1px; }
#formColumn { background: $panel; border-right: 1px solid $line; }
#formScroll, #formScroll > QWidget > QWidget { background: $panel; border: none; }
#actions { background: $panel; border-top: 1px solid $line; }
#resultPane, #stage, #emptyStage { background: $background; }
#tabs { background: $panel; border-bottom: 1px solid $line; }

QLabel { background: transparent; }
QLabel[role="heading"] { font-weight: 600; }
QLabel[role="title"] { font-weight: 600; font-size: ${large}pt; }
QLabel[role="soft"] { color: $soft; }
QLabel[role="hint"], QLabel[role="column"] { color: $soft; font-size: ${small}pt; }
QLabel[role="error"] { color: $error; font-size: ${small}pt; }
QLabel[role="warning"] { color: $warning; font-size: ${small}pt; }
QLabel[role="attention"] { color: $warning; }
QLabel[role="hint"]:disabled, QLabel[role="column"]:disabled { color: $disabled; }
QFrame[role="hairline"] { background: $line; border: none; max-height: 1px; min-height: 1px; }

QLineEdit, QComboBox, QPlainTextEdit, QListView, QTreeView {
  background: $field; color: $text; border: 1px solid $border; border-radius: 6px;
  selection-background-color: $accent; selection-color: $on_accent; placeholder-text-color: $soft;
}
QLineEdit, QComboBox { padding: 0 9px; min-height: 32px; }
QLineEdit:focus, QComboBox:focus, QPlainTextEdit:focus, QListView:focus, QTreeView:focus {
  border: 2px solid $accent;
}
QLineEdit:focus, QComboBox:focus { padding: 0 8px; min-height: 30px; }
QLineEdit[problem="error"] { border-color: $error; }
QLineEdit[problem="warning"] { border-color: $warning; }
QLineEdit:disabled, QComboBox:disabled, QPlainTextEdit:disabled {
  color: $disabled; background: $background; placeholder-text-color: $disabled;
}
QLineEdit[readOnly="true"] { color: $soft; background: $panel; }
QComboBox::drop-down { border: none; width: 26px; subcontrol-position: center right; }
QComboBox::down-arrow { image: url("$icons/chevron-down-$icon_set.svg"); width: 14px; height: 14px; }
QComboBox QAbstractItemView, QMenu {
  background: $panel; color: $text; border: 1px solid $border; padding: 4px; outline: 0;
  selection-background-color: $accent_soft; selection-color: $text;
}
QComboBox QAbstractItemView::item { min-height: 28px; padding: 0 8px; }
QMenu { border-radius: 8px; }
QMenu::item { padding: 6px 28px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }

QPushButton, QToolButton[role="button"] {
  background: $panel; color: $text; border: 1px solid $border; border-radius: 6px; padding: 0 13px; min-height: 32px;
}
QPushButton:hover, QToolButton[role="button"]:hover { background: $background; border-color: $soft; }
QPushButton:pressed, QToolButton[role="button"]:pressed { background: $accent_soft; }
QPushButton:focus, QToolButton[role="button"]:focus { border: 2px solid $accent; padding: 0 12px; min-height: 30px; }
QPushButton:disabled { color: $disabled; border-color: $line; background: $panel; }
QPushButton[role="primary"] { background: $accent; color: $on_accent; border-color: $accent; font-weight: 600; }
QPushButton[role="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[role="primary"]:focus { border: 2px solid $text; }
QPushButton[role="primary"]:disabled { background: $background; color: $soft; border-color: $border; }
QPushButton[role="menu"] { padding-right: 30px; }
QPushButton[role="menu"]:focus { padding-right: 29px; }
QPushButton::menu-indicator {
  image: url("$icons/chevron-down-$icon_set.svg"); width: 14px; height: 14px;
  subcontrol-origin: padding; subcontrol-position: center right; right: 10px;
}
QPushButton[role="segment"]:checked {
  background: $accent_soft; color: $accent; border-color: $accent; font-weight: 600;
}
QPushButton[role="segment"]:disabled { color: $disabled; background: $panel; border-color: $line; }
QPushButton[role="link"] {
  background: transparent; border: none; color: $accent; padding: 0; min-height: 20px; text-align: left;
}
QPushButton[role="link"]:hover { text-decoration: underline; }
QPushButton[role="link"]:disabled { color: $disabled; }
QPushButton[role="link"]:focus { border: 1px solid $accent; border-radius: 4px; }
QPushButton[role="fold"] {
  background: transparent; border: 1px solid transparent; color: $soft; padding: 0; text-align: left;
}
QPushButton[role="fold"]:hover { color: $text; }
QPushButton[role="fold"]:focus { border: 2px solid $accent; }
QToolButton[role="plain"] { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 5px; }
QToolButton[role="plain"]:hover { background: $background; border-color: $line; }
QToolButton[role="plain"]:focus { border: 2px solid $accent; padding: 4px; }
QToolButton[role="segment"] {
  background: $panel; color: $text; border: 1px solid $border; padding: 0 11px; min-height: 32px; margin-left: -1px;
}
QToolButton[role="segment"][place="first"] { border-top-left-radius: 6px; border-bottom-left-radius: 6px; margin: 0; }
QToolButton[role="segment"][place="last"] { border-top-right-radius: 6px; border-bottom-right-radius: 6px; }
QToolButton[role="segment"]:hover { background: $background; }
QToolButton[role="segment"]:checked { background: $accent_soft; color: $accent; font-weight: 600; }
QToolButton[role="segment"]:focus { border: 2px solid $accent; padding: 0 10px; min-height: 30px; }
QToolButton::menu-indicator { image: none; width: 0; }

QCheckBox { spacing: 8px; background: transparent; }
QCheckBox::indicator, QTreeView::indicator {
  width: 16px; height: 16px; border: 1px solid $soft; border-radius: 4px; background: $field;
}
QCheckBox::indicator:hover { border-color: $accent; }
QCheckBox::indicator:focus { border: 2px solid $accent; width: 14px; height: 14px; }
QCheckBox::indicator:checked, QTreeView::indicator:checked {
  background: $accent; border-color: $accent; image: url("$icons/check-$icon_set.svg");
}
QCheckBox::indicator:checked:focus { border-color: $text; }
QCheckBox::indicator:indeterminate, QTreeView::indicator:indeterminate { image: url("$icons/dash-$icon_set.svg"); }
QCheckBox::indicator:disabled { border-color: $line; }
QCheckBox::indicator:checked:disabled { background: $disabled; border-color: $disabled; }
QCheckBox:focus { color: $text; }

QTabBar { background: transparent; border: none; }
QTabBar::tab {
  background: transparent; color: $soft; padding: 11px 14px 9px 14px; margin-right: 2px; border: none;
  border-bottom: 2px solid transparent;
}
QTabBar::tab:selected { color: $text; font-weight: 600; border-bottom-color: $accent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:focus { color: $accent; border-bottom-color: $accent; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 2px; }
QScrollBar::handle { background: $border; border-radius: 4px; min-height: 32px; min-width: 32px; }
QScrollBar::handle:hover { background: $soft; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: $line; }
QSplitter::handle:hover { background: $accent; }
QToolTip { background: $text; color: $panel; border: none; padding: 4px 8px; }
QProgressBar { background: $accent_soft; border: none; border-radius: 2px; max-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
QTreeView { outline: 0; }
QTreeView::item { min-height: 28px; }
QTreeView::item:selected, QListView::item:selected { background: $accent_soft; color: $text; }
QTreeView::branch { background: $field; }

#environment { border-radius: 16px; padding: 0 14px; font-weight: 600; }
#environment:focus { padding: 0 13px; }
#environment[environment="demo"] { background: $info_background; color: $info; border-color: $info_background; }
#environment[environment="sandbox"] { background: $accent_soft; color: $accent; border-color: $accent_soft; }
#environment[environment="production"] { background: $error_background; color: $error; border-color: $error; }
#environment[environment="custom"] { background: $warning_background; color: $warning; border-color: $warning; }
#environment:focus { border: 2px solid $accent; }
#environment QAbstractItemView { font-weight: 400; }

#messageStrip { border-top: 1px solid $line; }
#messageStrip QTextEdit { background: transparent; border: none; color: $soft; }
#messageStrip QTextEdit:focus { border: 1px solid $accent; border-radius: 4px; }
#messageStrip[tone="success"] { background: $success_background; }
#messageStrip[tone="success"] QTextEdit { color: $success; }
#messageStrip[tone="error"] { background: $error_background; }
#messageStrip[tone="error"] QTextEdit { color: $error; }
#messageStrip[tone="warning"] { background: $warning_background; }
#messageStrip[tone="warning"] QTextEdit { color: $warning; }
#messageStrip[tone="info"] { background: $info_background; }
#messageStrip[tone="info"] QTextEdit { color: $info; }

#bankAnswer { background: $background; border: 2px solid transparent; border-radius: 6px; }
#bankAnswer:focus { border-color: $accent; }
#bankAnswer[tone="success"] { background: $success_background; }
#bankAnswer[tone="warning"] { background: $warning_background; }
#bankAnswer QLabel { color: $soft; }
#bankAnswer QLabel[role="answer"][tone="success"], #bankAnswer QLabel[role="answer"][tone="warning"] {
  font-weight: 600;
}
#bankAnswer QLabel[role="note"] { font-size: ${small}pt; }
#bankAnswer *[tone="success"] { color: $success; }
#bankAnswer *[tone="warning"] { color: $warning; }
#bankAnswer QPushButton[role="link"]:focus { border: 2px solid $accent; }
#bankAnswer QPushButton[role="link"][tone="success"]:focus { border-color: $success; }
#bankAnswer QPushButton[role="link"][tone="warning"]:focus { border-color: $warning; }

QPlainTextEdit[role="code"], QLineEdit[role="code"] { font-family: $mono; font-size: ${small}pt; }
QPlainTextEdit[role="code"] { background: $panel; padding: 8px; }
QTreeView[role="code"] { font-family: $mono; font-size: ${small}pt; background: $panel; }
QTreeView[role="code"]::branch, QTreeView[role="table"]::branch { background: $panel; }
QTreeView[role="code"]::item, QTreeView[role="table"]::item { min-height: 26px; padding: 0 12px 0 4px; }
QTreeView[role="table"] { background: $panel; }
QTreeView QHeaderView { background: transparent; border: none; }
QTreeView QHeaderView::section {
  background: transparent; color: $soft; border: none; border-bottom: 1px solid $line; padding: 7px 8px;
  font-size: ${small}pt;
}
#noteBox { background: $warning_background; border-radius: 6px; }
#noteBox QLabel { color: $warning; }
#testUsers { background: $panel; border: 1px solid $line; border-radius: 6px; }
#banksPanel, #banksPanel QSplitter > QWidget { background: $background; }
#banksHead { background: $panel; border-bottom: 1px solid $line; }
#bankDetails, #bankDetails > QWidget > QWidget { background: $panel; }
#noBanks { background: $panel; border: 1px solid $line; border-radius: 6px; }
#timeline, #banks, #links {
  background: $panel; color: $text; border: 1px solid $line; border-radius: 6px; outline: 0;
  selection-background-color: $accent_soft; selection-color: $text;
}
#timeline:focus, #banks:focus, #links:focus { border: 2px solid $accent; }
#timeline QHeaderView, #banks QHeaderView, #links QHeaderView { background: transparent; border: none; }
#timeline QHeaderView::section, #banks QHeaderView::section, #links QHeaderView::section {
  background: transparent; color: $soft; border: none; border-bottom: 1px solid $line;
  padding: 7px 8px; font-size: ${small}pt;
}
#linkDetails, #linkDetailsPage { background: $panel; }
#linkEnvironment { border-radius: 10px; padding: 2px 10px; font-weight: 600; font-size: ${small}pt; }
#linkEnvironment[environment="demo"] { background: $info_background; color: $info; }
#linkEnvironment[environment="sandbox"] { background: $accent_soft; color: $accent; }
#linkEnvironment[environment="production"] { background: $error_background; color: $error; border: 1px solid $error; }
#linkEnvironment[environment="custom"] { background: $warning_background; color: $warning; }
#timelineDetails QTextEdit, #differing {
  background: $panel; color: $text; border: 1px solid $line; border-radius: 6px;
}
#timelineDetails QTextEdit:focus, #differing:focus { border: 2px solid $accent; }
#activity { background: transparent; border: none; border-left: 2px solid $line; border-radius: 0; }
#activity:focus { border: none; border-left: 2px solid $accent; }
""")


def stylesheet_for(tokens: Tokens, points: float) -> str:
    """Return the style sheet for ``tokens`` with a body size of ``points``."""
    colours = {name: getattr(tokens, name) for name in tokens.__slots__ if name not in {"name", "is_dark"}}
    return _SHEET.substitute(
        colours,
        small=f"{points * 12 / 14:.2f}",
        large=f"{points * 15 / 14:.2f}",
        icons=resource("icons", "generated").as_posix(),
        icon_set="dark" if tokens.is_dark else "light",
        mono='"Noto Sans Mono", "DejaVu Sans Mono", "Cascadia Mono", "Menlo", "Consolas", monospace',
    )
