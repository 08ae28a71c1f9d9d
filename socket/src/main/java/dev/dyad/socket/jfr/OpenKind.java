package dev.dyad.socket.jfr;

/// What has a descriptor of its own, and closes it when it is lost; counted here.
public enum OpenKind {
    /// A socket that is connected, or will be.
    SOCKET("a socket"),
    /// A socket that accepts connections.
    LISTENER("a listener"),
    /// An end of a pipe.
    PIPE_END("an end of a pipe"),
    /// What watches many ends.
    SELECTOR("a selector"),
    /// A descriptor of any other kind, such as that of a child, or one that was received.
    DESCRIPTOR("a descriptor");

    private final String article;

    /// How many there are.
    @SuppressWarnings("ImmutableEnumChecker") // the one thing about a kind that changes
    public final OpenCount count = new OpenCount(Shared.STATISTICS);

    OpenKind(String article) {
        this.article = article;
    }

    /// Tells of all kinds at once. No reference to the event's method: to link that would touch its class.
    private static final class Shared {
        private static final ProcessStatistics STATISTICS =
                new ProcessStatistics(() -> SocketStatisticsEvent.class, () -> SocketStatisticsEvent.tell());
    }

    /// Returns what it is, with an article.
    ///
    /// @return words for people
    public String article() {
        return article;
    }
}
