package dev.dyad.cli;

import java.io.PrintStream;

/// Each frame as a line of JSON, for programs.
final class TopLines implements TopView {

    private final PrintStream out;
    private boolean noted;

    TopLines(PrintStream out) {
        this.out = out;
    }

    @Override
    public void show(TopFrame frame) throws Problem {
        out.println(TopJson.of(frame));
        if (out.checkError()) {
            throw new Problem(Problem.IO, "the standard output can't be written to");
        }
    }

    @Override
    public void warn(String sentence) {
        System.err.println("dyad top: " + sentence);
    }

    @Override
    public void note(String sentence) {
        if (!noted) {
            noted = true;
            warn(sentence);
        }
    }

    @Override
    public boolean isLeft() {
        return false;
    }

    @Override
    public void close() {
        // nothing was changed
    }
}
