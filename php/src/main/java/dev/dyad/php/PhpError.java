package dev.dyad.php;

/// PHP's `Error`: the program, not the system, did something wrong. No error slot changes.
public class PhpError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PhpError(String message) {
        super(message);
    }
}
