package dev.dyad.process;

import java.util.List;

/// The words of a command as it was said, for messages to people.
///
/// @param words the program and its arguments, without what prepares it
record CommandLine(List<String> words) {

    private static final int LONGEST = 200;

    /// Says what was run, but not all of a long line.
    @Override
    public String toString() {
        String line = String.join(" ", words);
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
