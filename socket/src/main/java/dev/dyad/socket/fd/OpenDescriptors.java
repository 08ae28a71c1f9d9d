package dev.dyad.socket.fd;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// The descriptors that are open in this process, among which that of a donor is looked for.
public final class OpenDescriptors {

    private static final Path FOLDER = Path.of("/proc/self/fd");

    private OpenDescriptors() {}

    /// Returns the link to what is open by a number, by which it can be opened anew.
    public static Path link(int fd) {
        return FOLDER.resolve(Integer.toString(fd));
    }

    /// Says of a failure by a path in the folder that the folder is not there, if that is why.
    public static IOException explained(IOException failure) {
        boolean there = Files.isDirectory(FOLDER);
        return there ? failure : new IOException("this needs " + FOLDER + ", and /proc is not mounted", failure);
    }

    /// Says whether a number is the one that is looked for.
    @FunctionalInterface
    public interface Test {
        boolean is(int fd) throws IOException;
    }

    /// Looks at `guess` first, and then at everything that is open.
    ///
    /// @return the number
    public static int find(int guess, Test test) throws IOException {
        return test.is(guess) ? guess : find(test);
    }

    private static int find(Test test) throws IOException {
        try (DirectoryStream<Path> numbers = Files.newDirectoryStream(FOLDER)) {
            for (Path number : numbers) {
                int fd = Integer.parseInt(number.getFileName().toString());
                if (test.is(fd)) {
                    return fd;
                }
            }
        } catch (NoSuchFileException e) {
            throw explained(e);
        }
        throw new IOException("the JDK's channel has no descriptor that can be found");
    }
}
