package dev.dyad.cli;

import dev.dyad.cli.TopFrame.Count;
import dev.dyad.cli.TopFrame.Ends;
import dev.dyad.cli.TopFrame.Happening;
import dev.dyad.cli.TopFrame.PoolRow;
import dev.dyad.cli.TopFrame.Took;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A frame as JSON, on one line. Durations are whole nanoseconds. What is not recorded is `null`.
final class TopJson {

    private TopJson() {}

    static String of(TopFrame frame) {
        return """
                {"time":%s,"pid":%d,"ends":%s,"channels":%s,"children":%s,"pools":%s,"happened":%s}""".formatted(
                        string(frame.time().toString()),
                        frame.pid(),
                        ends(frame.ends()),
                        count(frame.channels(), "open", "opened", "closed"),
                        count(frame.children(), "running", "started", "ended"),
                        pools(frame.pools()),
                        array(frame.happened(), TopJson::happening));
    }

    private static String count(@Nullable Count count, String open, String opened, String closed) {
        if (count == null) {
            return "null";
        }
        return String.format(
                Locale.ROOT,
                "{\"%s\":%d,\"%s\":%d,\"%s\":%d}",
                open,
                count.open(),
                opened,
                count.opened(),
                closed,
                count.closed());
    }

    private static String ends(@Nullable Ends ends) {
        if (ends == null) {
            return "null";
        }
        return """
                {"open":%d,"opened":%d,"closed":%d,"sockets":%d,"listeners":%d,"pipeEnds":%d,"selectors":%d,"descriptors":%d}""".formatted(
                        ends.all().open(),
                        ends.all().opened(),
                        ends.all().closed(),
                        ends.sockets(),
                        ends.listeners(),
                        ends.pipeEnds(),
                        ends.selectors(),
                        ends.descriptors());
    }

    private static String pools(@Nullable List<PoolRow> pools) {
        return pools == null ? "null" : array(pools, TopJson::pool);
    }

    private static String pool(PoolRow pool) {
        return """
                {"pool":%d,"command":%s,"workers":%d,"ready":%d,"busy":%d,"waiting":%d,"underWay":%d,"answered":%d,\
                "failed":%d,"started":%d,"waited":%s,"ran":%s}""".formatted(
                        pool.number(),
                        string(pool.command()),
                        pool.workers(),
                        pool.ready(),
                        pool.busy(),
                        pool.waiting(),
                        pool.underWay(),
                        pool.answered(),
                        pool.failed(),
                        pool.started(),
                        took(pool.waited()),
                        took(pool.ran()));
    }

    private static String took(Took took) {
        return "{\"p50\":%d,\"p99\":%d,\"max\":%d}"
                .formatted(
                        took.p50().toNanos(), took.p99().toNanos(), took.max().toNanos());
    }

    private static String happening(Happening happening) {
        return "{\"time\":%s,\"event\":%s,\"what\":%s}"
                .formatted(string(happening.time().toString()), string(happening.event()), string(happening.what()));
    }

    private static <T> String array(List<T> all, Function<T, String> one) {
        return all.stream().map(one).collect(Collectors.joining(",", "[", "]"));
    }

    /// Returns a string of JSON. What is not ASCII may stand in it, but half of a pair may not be written.
    static String string(String text) {
        var json = new StringBuilder("\"");
        text.codePoints().forEach(character -> {
            if (character == '"' || character == '\\') {
                json.append('\\').appendCodePoint(character);
            } else if (Character.isISOControl(character) || Character.getType(character) == Character.SURROGATE) {
                json.append("\\u").append(HexFormat.of().toHexDigits((char) character));
            } else {
                json.appendCodePoint(character);
            }
        });
        return json.append('"').toString();
    }
}
