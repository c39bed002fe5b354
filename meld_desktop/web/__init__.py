"""The web view of Meld's widget: profile, page, local frame, navigation policy, event bridge, teardown.

``policy`` and ``availability`` know no WebEngine; every other module imports it and is itself imported late, when the
first link is shown. The window gets a factory for ``widget_view.WidgetView`` from the composition root.
"""
