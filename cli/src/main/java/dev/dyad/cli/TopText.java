package dev.dyad.cli;

import dev.dyad.cli.TopFrame.Count;
import dev.dyad.cli.TopFrame.Ends;
import dev.dyad.cli.TopFrame.Happening;
import dev.dyad.cli.TopFrame.PoolRow;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A frame as lines of text, for a screen of any width.
final class TopText {

    private static final String ELLIPSIS = "…";
    private static final String UNKNOWN = "-"; // nothing is recorded of it
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    /// Of a pool, the most important first: as many as fit are shown.
    private static final List<Column> COLUMNS = List.of(
            new Column("POOL", 4, pool -> Integer.toString(pool.number())),
            new Column("COMMAND", -11, PoolRow::command),
            new Column("UP", 5, pool -> (pool.ready() + pool.busy()) + "/" + pool.workers()),
            new Column("BUSY", 4, pool -> Integer.toString(pool.busy())),
            new Column("WAIT", 5, pool -> Integer.toString(pool.waiting())),
            new Column("FAILED", 6, pool -> Long.toString(pool.failed())),
            new Column("ANSWERED", 8, pool -> Long.toString(pool.answered())),
            new Column("RAN P50", 8, pool -> shown(pool.ran().p50())),
            new Column("RAN P99", 8, pool -> shown(pool.ran().p99())),
            new Column("WAITED P50", 10, pool -> shown(pool.waited().p50())),
            new Column("WAITED P99", 10, pool -> shown(pool.waited().p99())),
            new Column("STARTED", 7, pool -> Long.toString(pool.started())));

    private TopText() {}

    /// @param width how wide it is; if negative, it begins at the left
    private record Column(String name, int width, Function<PoolRow, String> value) {

        int room() {
            return Math.abs(width);
        }

        String padded(String text) {
            String cut = cut(text, room());
            String pad = " ".repeat(room() - cut.codePointCount(0, cut.length()));
            return width < 0 ? cut + pad : pad + cut;
        }
    }

    /// Returns what stands there until there is a frame, on a screen of 40 columns as well.
    static List<String> beforeTheFirst(long pid) {
        return List.of("dyad top " + pid + "  (q ends)", "", "waits for the first events");
    }

    /// Returns the lines of a frame, none of them longer than the screen is wide.
    ///
    /// @param lately what has happened, the newest last
    static List<String> lines(TopFrame frame, List<Happening> lately, int width) {
        var lines = new ArrayList<String>();
        lines.add("dyad top " + frame.pid() + "  " + CLOCK.format(frame.time()) + "  (q ends)");
        lines.add("");
        lines.add(row("", "open", "opened", "closed"));
        Ends ends = frame.ends();
        lines.add(row("ends", ends == null ? null : ends.all()));
        lines.add(row("channels", frame.channels()));
        lines.add(row("children", frame.children()));
        if (ends != null) {
            lines.addAll(wrapped(kinds(ends), width));
        }
        List<PoolRow> pools = frame.pools();
        if (pools != null && !pools.isEmpty()) {
            lines.add("");
            lines.addAll(table(pools, width));
        }
        if (!lately.isEmpty()) {
            lines.add("");
            lately.reversed().forEach(one -> lines.add(CLOCK.format(one.time()) + " " + printable(one.what())));
        }
        return lines.stream().map(line -> cut(line.stripTrailing(), width)).toList();
    }

    private static String row(String name, @Nullable Count count) {
        if (count == null) {
            return row(name, UNKNOWN, UNKNOWN, UNKNOWN);
        }
        return row(name, Long.toString(count.open()), Long.toString(count.opened()), Long.toString(count.closed()));
    }

    private static String row(String name, String open, String opened, String closed) {
        return String.format(Locale.ROOT, "%-8s %9s %10s %10s", name, open, opened, closed);
    }

    private static List<String> kinds(Ends ends) {
        return List.of(
                counted(ends.sockets(), "socket"),
                counted(ends.listeners(), "listener"),
                counted(ends.pipeEnds(), "pipe end"),
                counted(ends.selectors(), "selector"),
                counted(ends.descriptors(), "other descriptor"));
    }

    private static String counted(long count, String one) {
        return count + " " + one + (count == 1 ? "" : "s");
    }

    /// Puts as many on each line as there is room for.
    private static List<String> wrapped(List<String> all, int width) {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        for (String one : all) {
            if (!line.isEmpty() && line.length() + ", ".length() + one.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : ", ").append(one);
        }
        lines.add(line.toString());
        return lines;
    }

    private static List<String> table(List<PoolRow> pools, int width) {
        List<Column> fitting = fitting(width);
        var lines = new ArrayList<String>();
        lines.add(fitting.stream().map(column -> column.padded(column.name())).collect(Collectors.joining(" ")));
        for (PoolRow pool : pools) {
            lines.add(fitting.stream()
                    .map(column -> column.padded(printable(column.value().apply(pool))))
                    .collect(Collectors.joining(" ")));
        }
        return lines;
    }

    private static List<Column> fitting(int width) {
        var fitting = new ArrayList<Column>();
        int left = width + 1;
        for (Column column : COLUMNS) {
            left -= column.room() + 1;
            if (left < 0) {
                break;
            }
            fitting.add(column);
        }
        return fitting;
    }

    /// Returns a duration in three digits or fewer where it is below a thousand seconds.
    static String shown(Duration duration) {
        long nanos = duration.toNanos();
        double value = nanos;
        for (String unit : List.of("ns", "µs", "ms")) {
            if (value < 999.5) {
                return number(value) + " " + unit;
            }
            value /= 1000;
        }
        return number(value) + " s";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 9.95 && value > 0 ? "%.1f" : "%.0f", value);
    }

    /// Returns a text without what would move the cursor, or worse: it comes from another process.
    private static String printable(String text) {
        return text.codePoints()
                .map(character -> isPrintable(character) ? character : '?')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean isPrintable(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    private static String cut(String text, int width) {
        if (text.codePointCount(0, text.length()) <= width) {
            return text;
        }
        return width == 0 ? "" : text.substring(0, text.offsetByCodePoints(0, width - 1)) + ELLIPSIS;
    }
}
