package dev.dyad.process.spawn;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What `posix_spawn` is told of a child, besides its words and its descriptors.
///
/// @param directory its working directory, or `null` for this process's own
/// @param inheritsEnvironment whether its environment begins as a copy of this process's, and empty otherwise
/// @param environment what is different there: values by their names, `null` for a variable that is left out
/// @param leadsSession whether it leads a session, and so a process group as well
/// @param group the number of the group that it is in: 0 for its own, `null` for this process's
/// @param keepsIgnoredSignals whether it ignores the signals that this process was started with as ignored
public record SpawnSettings(
        @Nullable Path directory,
        boolean inheritsEnvironment,
        Map<String, @Nullable String> environment,
        boolean leadsSession,
        @Nullable Integer group,
        boolean keepsIgnoredSignals) {}
