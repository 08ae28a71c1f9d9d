package dev.dyad.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/// A section of what the doctor says: names, and what is so.
final class Report {

    private record Line(String name, String text) {}

    private final String title;
    private final List<Line> lines = new ArrayList<>();

    Report(String title) {
        this.title = title;
    }

    Report add(String name, String text) {
        lines.add(new Line(name, text));
        return this;
    }

    /// Adds a line on what the last one is about; it names that again, since each may be read by itself, as
    /// behind `grep`.
    Report also(String text) {
        return add(lines.getLast().name(), text);
    }

    void print(PrintStream out) {
        int width = lines.stream().mapToInt(line -> line.name().length()).max().orElse(0);
        out.println(title);
        for (Line line : lines) {
            out.println("  " + line.name() + " ".repeat(width - line.name().length()) + "  " + line.text());
        }
        out.println();
    }
}
