# Thin on purpose: each target is a line you could type.
BIN := .venv/bin
PICTURES := build/pictures
# Whoever forbids bytecode has every process that the tests or the demo start compile the whole program first.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo pictures test check setup clean wheel frozen deb fresh installer-check audit

demo: ## the whole thing on this machine; without a display it is played offscreen and photographed
	@packaging/setup.sh run
	@if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
		exec $(BIN)/pos-client demo; \
	else \
		mkdir -p $(PICTURES) && \
		$(BIN)/pos-client demo --headless --screenshots $(PICTURES) --report build/demo.json && \
		echo "No display here, so it was played offscreen. Pictures: $(PICTURES)/  report: build/demo.json"; \
	fi

pictures: setup ## every screen in every state, and what a ruler finds wrong with them; minutes
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.ui.album $(PICTURES)

test: check ## everything that has to hold
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -q -n auto --dist worksteal

check: setup ## what needs no running program: format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

setup: ## system packages and .venv; instant when nothing changed
	@packaging/setup.sh test

# What a release is made of, step by step: packaging/README.md. Everything goes to dist/.
BUILD := build/venv/bin/python

$(BUILD): packaging/locks/build.txt
	python3 -m venv --clear build/venv
	$(BUILD) -m pip install --quiet --no-deps --require-hashes --only-binary :all: -r packaging/locks/build.txt
	@touch $(BUILD)

wheel: $(BUILD) ## dist/pos_client-VERSION-py3-none-any.whl
	$(BUILD) packaging/build_wheel.py dist

frozen: $(BUILD) ## dist/pos-client, the one-folder program, and whether it sells
	$(BUILD) packaging/freeze.py dist
	python3 packaging/smoke_test.py dist/pos-client/pos-client

deb: frozen ## dist/pos-client_VERSION_ARCHITECTURE.deb
	python3 packaging/build_deb.py dist/pos-client dist

fresh: deb ## an empty Debian 12 installs it, sells, removes it (root, minutes)
	packaging/fresh_machine.sh package dist/pos-client_*.deb

installer-check: ## the Windows installer under wine, around a stand-in (wine64, mingw)
	packaging/installer_test.sh

audit: $(BUILD) ## known vulnerabilities in what we pin (asks a public database)
	PYTHON=$(BUILD) packaging/audit.sh

clean: ## caches and pictures; .venv stays
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
