package dev.dyad.process.spawn;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What `posix_spawn` is told of a child, besides its words and its descriptors: nothing, until it is said.
///
/// Not for several threads at once.
public final class SpawnSettings {

    // -- read by those in this room that carry it out
    @Nullable
    Path directory; // its working directory, or `null` for this process's own

    boolean inheritsEnvironment = true; // whether it begins as a copy of this process's, and empty otherwise
    final Map<String, @Nullable String> environment = new LinkedHashMap<>(); // what is different there
    boolean leadsSession; // and so a process group as well

    @Nullable
    Integer group; // the number of the group that it is in: 0 for its own, `null` for this process's

    boolean keepsIgnoredSignals; // those that this process was started with as ignored

    /// Says nothing.
    public SpawnSettings() {}

    public void directory(Path path) {
        directory = path;
    }

    public void emptyEnvironment() {
        inheritsEnvironment = false;
    }

    /// @param value its value, or `null` for a variable that is left out
    public void variable(String name, @Nullable String value) {
        environment.put(name, value);
    }

    public void session() {
        leadsSession = true;
    }

    /// @param number 0 for a group of its own
    public void group(int number) {
        group = number;
    }

    public void keepIgnoredSignals() {
        keepsIgnoredSignals = true;
    }

    /// Returns whether the child leads a process group.
    public boolean leadsGroup() {
        return leadsSession || (group != null && group == 0);
    }
}
