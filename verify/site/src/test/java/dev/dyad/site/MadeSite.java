package dev.dyad.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// The site of this repository, which is made once for all tests: javadoc takes nearly all of the time.
final class MadeSite {

    static final Path ROOT =
            Path.of(System.getProperty("dyad.root", "../..")).toAbsolutePath().normalize();

    private static final Path FOLDER = ROOT.resolve("verify/site/target/pages");

    private MadeSite() {}

    private static final class Once {

        static final Links LINKS = make();

        private static Links make() {
            try {
                delete();
                return Site.write(ROOT, FOLDER);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// Or a page that is no longer made would still be there for a link.
    private static void delete() throws IOException {
        if (!Files.exists(FOLDER)) {
            return;
        }
        try (Stream<Path> files = Files.walk(FOLDER)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    static Links links() {
        return Once.LINKS;
    }

    static Path folder() {
        links();
        return FOLDER;
    }

    /// Returns the pages that are not javadoc's.
    static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(folder())) {
            return files.filter(file -> file.toString().endsWith(".html"))
                    .filter(file -> !file.startsWith(FOLDER.resolve("api")))
                    .sorted()
                    .toList();
        }
    }
}
