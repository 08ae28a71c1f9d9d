package dev.dyad.soak;

import java.io.PrintWriter;
import java.io.StringWriter;

/// A round that went wrong.
///
/// @param seed of the round, not of the run
record RoundFailure(String workload, long seed, String stack) {

    static String stack(Throwable why) {
        var stack = new StringWriter();
        why.printStackTrace(new PrintWriter(stack, true));
        return stack.toString();
    }

    @Override
    public String toString() {
        return "a round of %s failed, seed %d: %s".formatted(workload, seed, stack);
    }
}
