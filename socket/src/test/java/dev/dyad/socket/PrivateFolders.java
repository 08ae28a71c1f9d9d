package dev.dyad.socket;

import dev.dyad.socket.jdk.PrivateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The private folders that there are now, wherever one may be.
final class PrivateFolders {

    private PrivateFolders() {}

    static List<Path> present() throws IOException {
        var folders = new ArrayList<Path>();
        for (Path place : PrivateFolder.places()) {
            if (Files.isDirectory(place)) {
                try (Stream<Path> files = Files.list(place)) {
                    files.filter(file -> String.valueOf(file.getFileName()).matches("dyad\\d+"))
                            .sorted()
                            .forEach(folders::add);
                }
            }
        }
        return folders;
    }
}
