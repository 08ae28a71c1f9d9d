package dev.dyad.cli;

import java.io.PrintStream;

/// Prints the manual page: a sentence of it, and below it what shows it.
final class Page {

    private final PrintStream out;

    Page(PrintStream out) {
        this.out = out;
    }

    /// Prints a sentence as it stands on the page, in Chinese, and what it says in English.
    void sentence(String sentence, String english) {
        sentence(sentence);
        out.println("  (" + english + ")");
        out.flush();
    }

    /// Prints a sentence that needs no translation.
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
