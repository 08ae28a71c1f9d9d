package dev.dyad.php.convert;

/// A value of a caller's array, or one of the system's, that cannot be turned into the other.
public final class ConversionException extends Exception {

    private static final long serialVersionUID = 1L;

    ConversionException(String message) {
        super(message, null, false, false);
    }
}
