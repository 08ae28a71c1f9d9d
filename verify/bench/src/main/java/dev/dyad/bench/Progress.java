package dev.dyad.bench;

/// One line that says how far we are, on a terminal and nowhere else.
final class Progress {

    private static final String ERASE_LINE = "\r\033[K";

    @SuppressWarnings("SystemConsoleNull") // it was never null in 22 to 24, and in a pipe it is again since
    private final boolean terminal =
            System.console() != null && System.console().isTerminal();

    void show(String text) {
        if (terminal) {
            System.err.print(ERASE_LINE + text);
        }
    }

    void clear() {
        show("");
    }
}
