package dev.dyad.site;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

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
        System.exit(run(Path.of(arguments[0]), Path.of(arguments[1]), System.out, System.err));
    }

    static int run(Path root, Path folder, PrintStream out, PrintStream err) {
        try {
            return tell(Site.write(root, folder), folder, out, err);
        } catch (FileSystemException e) {
            String why = Objects.requireNonNullElse(
                    e.getReason(),
                    e instanceof FileAlreadyExistsException ? "it is no folder" : "no such file or folder");
            err.println("dyad site: " + e.getFile() + ": " + why);
        } catch (IOException | UncheckedIOException e) {
            err.println("dyad site: " + e.getMessage());
        }
        return NOT_WRITTEN;
    }

    /// Says what was found, and returns the exit code.
    static int tell(Links links, Path folder, PrintStream out, PrintStream err) throws IOException {
        Files.write(folder.resolve(EXTERNAL), links.external());
        List<String> dead = links.dead();
        dead.forEach(link -> err.println("leads to nothing: " + link));
        out.printf(
                "%d links inside, %d dead; %d links to elsewhere are in %s%nopen %s%n",
                links.inside(), dead.size(), links.external().size(), EXTERNAL, folder.resolve("index.html"));
        return dead.isEmpty() ? 0 : DEAD_LINKS;
    }
}
