package io.engram.client.exchange;

import java.util.LinkedHashMap;
import java.util.List;

/** The announcements that have not lapsed, several of one model perhaps. Thread-safe. */
final class Announcements {

    /** By their terms: the same with 0 for the time. */
    private final LinkedHashMap<Announcement, Announcement> byTerms = new LinkedHashMap<>();

    private static Announcement terms(Announcement announcement) {
        return new Announcement(
                announcement.modelId(), announcement.author(), announcement.royalty(), announcement.facts(), 0);
    }

    /** Of the same terms that which lapses last counts. */
    synchronized void add(Announcement announcement) {
        Announcement before = byTerms.remove(terms(announcement));
        boolean later = before == null || before.expiresAt() < announcement.expiresAt();
        byTerms.put(terms(announcement), later ? announcement : before);
        if (byTerms.size() > ExchangeLimits.ANNOUNCEMENTS) {
            byTerms.pollFirstEntry();
        }
    }

    /** Forgets those that no block from this number on may attest. */
    synchronized void expire(long nextBlock) {
        byTerms.values().removeIf(announcement -> announcement.expiresAt() < nextBlock);
    }

    synchronized List<Announcement> all() {
        return List.copyOf(byTerms.values());
    }
}
