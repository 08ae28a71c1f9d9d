package dev.dyad.cli;

/// Why a command can't go on: one sentence for the user, and an exit code.
final class Problem extends Exception {

    /// What is to be looked at is not there, as `EX_NOINPUT` of `sysexits.h`.
    static final int NO_INPUT = 66;

    /// Something that is needed is not on this machine, as `EX_UNAVAILABLE` of `sysexits.h`.
    static final int UNAVAILABLE = 69;

    /// Our own input or output failed, as `EX_IOERR` of `sysexits.h`.
    static final int IO = 74;

    /// We may not, as `EX_NOPERM` of `sysexits.h`.
    static final int NO_PERMISSION = 77;

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    Problem(int exitCode, String sentence) {
        super(sentence);
        this.exitCode = exitCode;
    }

    /// Returns the exit code for any failure: 1 where nobody thought of a better one.
    static int exitCode(Exception failure) {
        return failure instanceof Problem problem ? problem.exitCode : 1;
    }

    /// Returns what to tell the user of any failure.
    static String sentence(Exception failure) {
        String message = failure.getMessage();
        return message == null ? failure.toString() : message;
    }
}
