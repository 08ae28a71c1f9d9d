package dev.dyad.cli;

/// Where `dyad top` shows what it is told. For one thread, but for [#close].
interface TopView extends AutoCloseable {

    /// Shows a frame in the place of the one before, or after it.
    ///
    /// @throws Problem if that cannot be written
    void show(TopFrame frame) throws Problem;

    /// Says something besides the frames.
    void warn(String sentence);

    /// Says what is so for as long as it is said after each frame.
    void note(String sentence);

    /// Returns whether the user has had enough.
    boolean isLeft();

    /// Leaves the terminal as it was, the second time without effect.
    @Override
    void close();
}
