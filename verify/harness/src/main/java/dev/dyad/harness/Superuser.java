package dev.dyad.harness;

import org.junit.jupiter.api.Assumptions;

/// Whether the tests run as the superuser, without which some can be shown and others cannot.
public final class Superuser {

    private Superuser() {}

    /// Skips a test of what only the superuser can do.
    public static void require() {
        Assumptions.assumeTrue(isThis(), "only the superuser can do that");
    }

    /// Skips a test of what the superuser may do.
    public static void requireAnotherUser() {
        Assumptions.assumeFalse(isThis(), "the superuser may do that");
    }

    private static boolean isThis() {
        return System.getProperty("user.name").equals("root");
    }
}
