package dev.dyad.bench;

/// Text in lines that are not too long.
final class Lines {

    /// What every terminal has.
    static final int TERMINAL = 80;

    private Lines() {}

    /// Returns a text in lines of so many columns at most, unless a single word is longer.
    static String wrapped(String text, int columns) {
        var lines = new StringBuilder();
        int column = 0;
        for (String word : text.split(" ")) {
            boolean begins = column > 0 && column + 1 + word.length() > columns;
            if (column > 0) {
                lines.append(begins ? '\n' : ' ');
            }
            lines.append(word);
            column = begins || column == 0 ? word.length() : column + 1 + word.length();
        }
        return lines.toString();
    }
}
