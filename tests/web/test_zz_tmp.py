from tests.web.test_bank_tabs import *
@pytest.mark.parametrize("n", range(12))
def test_x(tabbed, bank_site, qtbot, n) -> None:
    try: open_window(tabbed, bank_site)
    except Exception:
        print("FAIL", tabbed.names(), tabbed.kinds())
        print(tabbed.run("String(window.go)+innerWidth+document.visibilityState+document.hasFocus()"))
        tabbed.run("say('later')"); qtbot.wait(3000); print(tabbed.names())
        a=[]; tabbed.view._page.runJavaScript("window.testx=0; addEventListener('message', ()=>testx++); document.visibilityState", 1, a.append); qtbot.wait(500); print(a)
        tabbed.run("say('later2')"); qtbot.wait(3000); print(tabbed.names())
        a=[]; tabbed.view._page.runJavaScript("testx", 1, a.append); qtbot.wait(500); print("testx", a)
        show_widget(tabbed); qtbot.wait(1500); print(tabbed.names())
        raise
