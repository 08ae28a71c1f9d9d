package dev.dyad.php;

/// PHP's `Error`: the program, not the system, did something wrong. No error slot changes.
///
/// {@snippet file="dev/dyad/php/examples/SocketsExamplesTest.java" region="php-error"}
public class PhpError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PhpError(String message) {
        super(message);
    }
}
