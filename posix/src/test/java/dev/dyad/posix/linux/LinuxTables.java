package dev.dyad.posix.linux;

import java.util.List;
import java.util.Map;

/// Opens the Linux room's tables to the tests of the floor.
public final class LinuxTables {

    private LinuxTables() {}

    public static Map<String, Integer> errors() {
        return LinuxErrors.numbers();
    }

    public static List<String> signals() {
        return LinuxNumbers.SIGNALS;
    }

    public static List<String> resources() {
        return LinuxNumbers.RESOURCES;
    }
}
