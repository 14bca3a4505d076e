# The two commands a new machine needs: `make render` and `make test`. Both install what the build needs
# where they may (as root, or with sudo that asks nothing), and otherwise print the line to type.

PACKAGES = build-essential cmake pkg-config libasound2-dev

.PHONY: help setup render test lint doc bench

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

render: setup ## render every script in scripts/ to out/
	cargo run --quiet --release --locked -- render

test: setup ## run all tests
	cargo test --locked

lint: setup ## what must be clean before a change goes in
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	cargo clippy --locked --all-targets --no-default-features -- -D warnings
	CARGO_TARGET_DIR=target cargo check --locked --manifest-path fuzz/Cargo.toml
	RUSTDOCFLAGS=-Dwarnings cargo doc --locked --no-deps --document-private-items

bench: setup ## measure mix and publishing against the other ways to do it
	cargo bench --locked

setup: ## what the build needs besides Rust
	@sh tools/setup $(PACKAGES)
