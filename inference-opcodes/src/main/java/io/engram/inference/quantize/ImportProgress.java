package io.engram.inference.quantize;

/** Told how far an import is. Methods are called from several threads. */
public interface ImportProgress {

    /** Nobody listens. */
    ImportProgress SILENT = new ImportProgress() {
        @Override
        public void phase(String name, int samples) {}

        @Override
        public void advance() {}
    };

    /**
     * A part of the work begins.
     *
     * @param samples that it will go through; 0 where there is nothing to count
     */
    void phase(String name, int samples);

    /** One sample of the present part is done. */
    void advance();
}
