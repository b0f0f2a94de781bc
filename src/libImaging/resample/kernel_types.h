/* Types and limits that the kernels of resample/ share with their callers. */
#ifndef IMAGING_RESAMPLE_KERNEL_TYPES_H
#define IMAGING_RESAMPLE_KERNEL_TYPES_H

/* Samples wider than a byte. 16-bit samples are little or big endian. */
typedef enum { SAMPLE_U16LE, SAMPLE_U16BE, SAMPLE_I32, SAMPLE_F32 } ResampleSample;

/* resample_estimate may write so many elements more than there are taps. */
#define ESTIMATE_SLACK 7

/* Rows that a call of resample_h8_rows and resample_hw_rows makes at once, so that coefficients
 * are loaded once for all of them. */
#define RESAMPLE_ROWS_8 4
#define RESAMPLE_ROWS_WIDE 8

#endif
