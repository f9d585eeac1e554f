package io.engram.client.sync;

/** Blocks could not be had from the peers that say they have them. */
final class DownloadException extends Exception {

    private static final long serialVersionUID = 1L;

    DownloadException(String reason) {
        super(reason);
    }
}
