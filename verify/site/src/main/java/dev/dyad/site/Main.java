package dev.dyad.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Makes the site, and says what is wrong with it. `dyad site --help` is what people read.
final class Main {

    private static final int DEAD_LINKS = 1;
    private static final int NOT_WRITTEN = 74; // EX_IOERR of sysexits.h
    private static final String EXTERNAL = "external-links.txt";

    private Main() {}

    /// Exits with 0 if every link leads to something.
    ///
    /// @param arguments the repository, and the folder of the site
    public static void main(String[] arguments) {
        System.exit(run(Path.of(arguments[0]), Path.of(arguments[1])));
    }

    private static int run(Path root, Path folder) {
        try {
            Links links = Site.write(root, folder);
            Files.write(folder.resolve(EXTERNAL), links.external());
            List<String> dead = links.dead();
            dead.forEach(link -> System.err.println("leads to nothing: " + link));
            System.out.printf(
                    "%d links inside, %d dead; %d links to elsewhere are in %s%nopen %s%n",
                    links.inside(), dead.size(), links.external().size(), EXTERNAL, folder.resolve("index.html"));
            return dead.isEmpty() ? 0 : DEAD_LINKS;
        } catch (IOException | UncheckedIOException e) {
            System.err.println("site: " + e.getMessage());
            return NOT_WRITTEN;
        }
    }
}
