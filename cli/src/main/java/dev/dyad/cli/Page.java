package dev.dyad.cli;

import java.io.PrintStream;

/// Prints the manual page: a sentence of it, and below it what shows it.
final class Page {

    private final PrintStream out;

    Page(PrintStream out) {
        this.out = out;
    }

    /// Prints a sentence as it stands on the page.
    void sentence(String sentence) {
        out.println();
        out.println("# " + sentence);
        out.flush();
    }

    /// Prints what was seen.
    void seen(String what) {
        out.println(what);
        out.flush();
    }
}
