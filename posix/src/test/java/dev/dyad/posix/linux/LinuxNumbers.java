package dev.dyad.posix.linux;

import java.util.List;
import java.util.Map;

/// Opens the Linux room's tables to the tests of the floor.
public final class LinuxNumbers {

    private LinuxNumbers() {}

    public static Map<String, Integer> errors() {
        return LinuxErrors.numbers();
    }

    public static List<String> signals() {
        return Linux.SIGNALS;
    }

    public static List<String> resources() {
        return Linux.RESOURCES;
    }
}
