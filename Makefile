# Thin on purpose: each target is a line you could type.
BIN := .venv/bin
PICTURES := build/pictures

.PHONY: demo test check setup clean

demo: ## the whole thing on this machine; without a display it is played offscreen and photographed
	@packaging/setup.sh run
	@if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
		exec $(BIN)/pos-client demo; \
	else \
		mkdir -p $(PICTURES) && \
		$(BIN)/pos-client demo --headless --screenshots $(PICTURES) --report build/demo.json && \
		echo "No display here, so it was played offscreen. Pictures: $(PICTURES)/  report: build/demo.json"; \
	fi

test: check ## everything that has to hold
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -q -n auto --dist worksteal

check: setup ## what needs no running program: format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

setup: ## system packages and .venv; instant when nothing changed
	@packaging/setup.sh test

clean: ## caches and pictures; .venv stays
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
