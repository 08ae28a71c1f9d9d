package dev.dyad.process;

import dev.dyad.harness.Descriptors;
import java.io.IOException;

/// Says on stdout what it was told, and whether the descriptor is as it was.
public final class TakesItsEnd {

    private TakesItsEnd() {}

    public static void main(String[] arguments) {
        var before = Descriptors.open();
        try {
            System.out.println("took " + Inherited.socket());
        } catch (IOException | RuntimeException e) {
            System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
        System.out.println(Descriptors.open().entrySet().containsAll(before.entrySet()) ? "as before" : "changed");
    }
}
