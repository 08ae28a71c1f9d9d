package dev.dyad.php;

/// PHP's `TypeError`: an argument of the wrong type.
///
/// {@snippet file="dev/dyad/php/examples/SocketsExamplesTest.java" region="type-error"}
public sealed class TypeError extends PhpError permits ArgumentCountError {

    private static final long serialVersionUID = 1L;

    /// Makes an error, as a program may in PHP, too.
    ///
    /// @param message what is wrong
    public TypeError(String message) {
        super(message);
    }
}
