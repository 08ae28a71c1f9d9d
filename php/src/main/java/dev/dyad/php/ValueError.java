package dev.dyad.php;

/// PHP's `ValueError`: an argument of the right type whose value makes no sense.
///
/// {@snippet file="dev/dyad/php/examples/SocketsExamplesTest.java" region="value-error"}
public final class ValueError extends PhpError {

    private static final long serialVersionUID = 1L;

    /// Makes an error, as a program may in PHP, too.
    ///
    /// @param message what is wrong
    public ValueError(String message) {
        super(message);
    }
}
