package dev.dyad.process;

/// What a child has as its standard input, output or error.
public final class Stdio {

    private static final Stdio INHERIT = new Stdio();
    private static final Stdio IGNORE = new Stdio();

    private Stdio() {}

    /// Returns what this process has there, which is what a child has unless something else is said.
    ///
    /// @return the same stream
    public static Stdio inherit() {
        return INHERIT;
    }

    /// Returns the null device: at its end from the start, and deaf.
    ///
    /// @return `/dev/null`
    public static Stdio ignore() {
        return IGNORE;
    }
}
