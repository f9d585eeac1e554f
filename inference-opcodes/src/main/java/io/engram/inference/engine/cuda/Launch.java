package io.engram.inference.engine.cuda;

/**
 * One kernel over some blocks.
 *
 * @param record offset of its record among those of the plan
 */
record Launch(Kernel kernel, int blocks, long record) {}
