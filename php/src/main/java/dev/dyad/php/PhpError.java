package dev.dyad.php;

/// PHP's `Error`: the program, not the system, did something wrong. No error slot changes.
///
/// {@snippet file="dev/dyad/php/examples/SocketsExamplesTest.java" region="php-error"}
public sealed class PhpError extends RuntimeException permits TypeError, ValueError {

    private static final long serialVersionUID = 1L;

    /// Makes an error, as a program may in PHP, too.
    ///
    /// @param message what is wrong
    public PhpError(String message) {
        super(message);
    }
}
