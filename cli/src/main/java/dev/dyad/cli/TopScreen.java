package dev.dyad.cli;

import dev.dyad.cli.TopFrame.Happening;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Curses;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;

/// The terminal, of which the whole screen shows the newest frame until it is left.
final class TopScreen implements TopView {

    private static final int MOST_LATELY = 100; // more than a screen has lines
    private static final Size USUAL = Size.of(80, 24);
    private static final int INTERRUPT = 3; // Ctrl-C where the terminal makes no signal of it

    private final Terminal terminal;
    private final Display display;
    private final Attributes before;
    private final Deque<Happening> lately = new ArrayDeque<>();
    private final String leaving;
    private List<String> newest = List.of();
    private boolean closed; // guarded by this

    private TopScreen(Terminal terminal) {
        this.terminal = terminal;
        leaving = sequence(Capability.exit_ca_mode) + sequence(Capability.cursor_normal);
        display = new Display(terminal, true);
        before = terminal.enterRawMode();
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.cursor_invisible);
        terminal.flush();
    }

    private String sequence(Capability capability) {
        String sequence = terminal.getStringCapability(capability);
        return sequence == null ? "" : Curses.tputs(sequence);
    }

    /// Takes the terminal, and says on it which process is watched.
    static TopScreen open(long pid) throws IOException {
        Terminal terminal = TerminalBuilder.builder()
                .system(true)
                .dumb(false)
                .nativeSignals(false)
                .build();
        var screen = new TopScreen(terminal);
        screen.newest = TopText.beforeTheFirst(pid);
        screen.paint(screen.newest);
        return screen;
    }

    @Override
    public void show(TopFrame frame) {
        lately.addAll(frame.happened());
        while (lately.size() > MOST_LATELY) {
            lately.removeFirst();
        }
        newest = TopText.lines(frame, List.copyOf(lately), size().getColumns());
        paint(newest);
    }

    @Override
    public void warn(String sentence) {
        var lines = new ArrayList<>(newest);
        lines.set(1, sentence); // which is empty otherwise
        paint(lines);
    }

    @Override
    public void note(String sentence) {
        warn(sentence); // the next frame takes its place
    }

    /// Asks each time, as nobody tells when it changes. A terminal that does not know is taken for a usual one, as is
    /// one that a hook of JLine's has closed because a signal ends us.
    private Size size() {
        try {
            Size size = terminal.getSize();
            return size.getColumns() > 0 && size.getRows() > 0 ? size : USUAL;
        } catch (IllegalStateException e) {
            return USUAL;
        }
    }

    private synchronized void paint(List<String> lines) {
        if (closed) {
            return;
        }
        try {
            draw(lines);
        } catch (IllegalStateException e) {
            // that hook was first
        }
    }

    private void draw(List<String> lines) {
        Size size = size();
        display.resize(size);
        var shown = new ArrayList<AttributedString>();
        for (String line : lines.subList(0, Math.min(lines.size(), size.getRows()))) {
            shown.add(new AttributedString(line).columnSubSequence(0, size.getColumns()));
        }
        shown.addAll(Collections.nCopies(size.getRows() - shown.size(), AttributedString.EMPTY));
        display.update(shown, 0);
    }

    @Override
    public boolean isLeft() {
        try {
            int key = terminal.reader().read(1);
            return key == 'q' || key == 'Q' || key == INTERRUPT || key == -1;
        } catch (IOException | IllegalStateException e) {
            return true; // it is gone, or closed as a signal ends us
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            terminal.flush();
            terminal.setAttributes(before);
            terminal.close();
        } catch (IOException | IllegalStateException e) {
            // a hook of JLine's was first, where a signal ends us: the modes are as they were
        }
        System.out.print(leaving); // not by the terminal, which that hook closes without it
        System.out.flush();
    }
}
