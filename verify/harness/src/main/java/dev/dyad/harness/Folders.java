package dev.dyad.harness;

import java.nio.file.Files;
import java.nio.file.Path;

/// What a probe does in folders whose names it cannot be told: an argument has only the characters of its locale.
public final class Folders {

    private Folders() {}

    /// What is done in a folder.
    public interface Use {

        /// Does it.
        void in(Path folder) throws Exception;
    }

    /// Does something in each folder of another one.
    public static void each(String parent, Use use) throws Exception {
        try (var folders = Files.list(Path.of(parent))) {
            for (Path each : folders.toList()) {
                use.in(each);
            }
        }
    }
}
