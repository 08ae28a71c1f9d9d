package dev.dyad.php;

/// PHP's `TypeError`: an argument of the wrong type, of which only `null` is left in Java.
public final class TypeError extends PhpError {

    private static final long serialVersionUID = 1L;

    TypeError(String message) {
        super(message);
    }
}
