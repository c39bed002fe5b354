"""The evidence pack: a zip that shows what happened with one link, provably clean. No Qt."""
