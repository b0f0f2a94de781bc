/* The few functions of Tcl and Tk that are used, declared here: which Tcl a program runs is known
 * only at run time, when it has loaded one, so nothing is compiled or linked against it. These
 * interfaces are the same in Tcl/Tk 8.5 to 9.
 */
#ifndef IMAGINGTK_TK_H
#define IMAGINGTK_TK_H

#include <stdbool.h>

typedef struct Tcl_Interp Tcl_Interp;
typedef struct Tk_PhotoHandle_ *Tk_PhotoHandle;
typedef int TclCommand(void *data, Tcl_Interp *interp, int argc, const char **argv);

enum { TCL_OK = 0, TCL_ERROR = 1, TK_PHOTO_COMPOSITE_SET = 1 };

/* Where pixels are: pitch bytes a row, pixelSize bytes a pixel, and in a pixel red, green, blue
 * and alpha at these offsets. An alpha offset that is 0 like that of red says "opaque". */
typedef struct {
    unsigned char *pixelPtr;
    int width, height, pitch, pixelSize, offset[4];
} Tk_PhotoImageBlock;

typedef struct {
    void *(*create_command)(Tcl_Interp *, const char *, TclCommand *, void *, void (*)(void *));
    void (*append_result)(Tcl_Interp *, ...);
    Tk_PhotoHandle (*find_photo)(Tcl_Interp *, const char *);
    int (*put_block)(Tcl_Interp *, Tk_PhotoHandle, Tk_PhotoImageBlock *, int, int, int, int, int);
    int (*get_image)(Tk_PhotoHandle, Tk_PhotoImageBlock *);
} TkFunctions;

/* Fills in all functions: those of the program itself, or of the libraries that the library named
 * by `tkinter` (NULL: none) brings along. False: there are none, and *problem says what. */
bool find_tk(TkFunctions *tk, const char *tkinter, const char **problem);

#endif
