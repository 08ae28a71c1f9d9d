package dev.dyad.php;

/// PHP's `ArgumentCountError`: a form of the function that this socket cannot be used with.
///
/// {@snippet file="dev/dyad/php/examples/SocketsExamplesTest.java" region="argument-count-error"}
public final class ArgumentCountError extends TypeError {

    private static final long serialVersionUID = 1L;

    /// Makes an error, as a program may in PHP, too.
    ///
    /// @param message what is wrong
    public ArgumentCountError(String message) {
        super(message);
    }
}
