package dev.dyad.bench;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where things are in the built tree that these classes belong to.
final class BuiltTree {

    private BuiltTree() {}

    /// Returns the launcher at the tree's root.
    static Path launcher() throws IOException {
        Path launcher = root().resolve("dyad");
        if (!Files.isExecutable(launcher)) {
            throw new IOException("no launcher at " + launcher);
        }
        return launcher;
    }

    /// Returns the tree's root.
    static Path root() {
        return target().resolve("../../..").normalize();
    }

    /// Returns where results go when nobody says otherwise.
    static Path results(boolean quick) {
        return target().resolve(quick ? "bench-quick.json" : "bench.json");
    }

    /// Returns the folder that holds our jar, or our classes: `verify/bench/target`.
    private static Path target() {
        try {
            return Path.of(BuiltTree.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .resolveSibling("");
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
