package dev.dyad.bench;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Properties;

/// What each suite measures, in a sentence.
final class SuiteMeanings {

    private static final Properties SENTENCES = load();

    private SuiteMeanings() {}

    /// Returns the sentence with its full stop and a space, or nothing for a suite of another version.
    static String of(String suite) {
        String sentence = SENTENCES.getProperty(suite);
        return sentence == null ? "" : sentence + ". ";
    }

    private static Properties load() {
        var sentences = new Properties();
        try {
            sentences.load(new StringReader(VegaLite.text("suites.properties")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sentences;
    }
}
