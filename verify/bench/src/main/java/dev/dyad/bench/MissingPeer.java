package dev.dyad.bench;

import java.io.IOException;
import java.util.List;

/// Something to measure is not on this machine: a program, a library, or what that has for another system. It is a row
/// that says so.
final class MissingPeer extends IOException {

    /// The exit code of a program of ours that could not measure for that reason, and says so in its last line.
    static final int EXIT_CODE = 69; // EX_UNAVAILABLE

    private static final long serialVersionUID = 1;

    /// @param why a sentence, without its full stop
    MissingPeer(String why) {
        super(why);
    }

    /// Says of what a class could not be loaded or linked with.
    static MissingPeer of(String who, LinkageError failure) {
        return new MissingPeer("%s can't be loaded: %s".formatted(who, failure));
    }

    /// What is measured.
    interface Measuring {
        List<Result> run() throws IOException, InterruptedException;
    }

    /// Returns what is measured, or a row that says what is missing for it.
    static List<Result> orRow(String what, Measuring measuring) throws IOException, InterruptedException {
        try {
            return measuring.run();
        } catch (MissingPeer e) {
            return List.of(Result.ofNothing(what, "", String.valueOf(e.getMessage())));
        }
    }

    /// Ends this program, one of those that measure.
    void exit() {
        System.out.println(getMessage());
        System.exit(EXIT_CODE);
    }
}
